"""Loads exported networks in PyTorch and compares their outputs with those that the exports say.

    bandit-sim --agent bbb --set hiddenLayers=4 --set minibatches=2 --set batchSize=8 --set prefill=50 --steps 30 --out x
    bandit-sim export x -o export.safetensors
    python check_export.py export.safetensors pytorch.json    # writes PyTorch's outputs
    python check_export.py a.safetensors b.safetensors        # compares
"""
import json
import sys

import torch
from safetensors.torch import load_file


def outputs(path):
    """PyTorch's outputs, [examples][networks][actions], and the export's own."""
    words = json.load(open(path.replace(".safetensors", ".json")))
    tensors = load_file(path)
    suffix = ".mean" if "posterior" in words else ""
    columns, actions = len(words["context_columns"]), len(words["actions"])
    results = []
    for example in words["examples"]:
        context = torch.zeros(columns)
        if "ones" in example:
            context[example["ones"]] = 1
        else:
            context[:] = torch.tensor(example["values"])
        row = []
        for prefix in words["network_prefixes"]:
            x = torch.cat([context.expand(actions, columns), torch.eye(actions)], dim=1)
            for layer in words["layers"]:
                weight, bias = (tensors[prefix + layer[name] + suffix] for name in ("weight", "bias"))
                x = torch.nn.functional.linear(x, weight, bias)
                if layer["activation"] == "relu":
                    x = torch.relu(x)
            row.append(x[:, 0].tolist())
        results.append(row)
    return results, [example["outputs"] for example in words["examples"]]


if sys.argv[-1].endswith(".json"):
    json.dump({"outputs": outputs(sys.argv[1])[0]}, open(sys.argv[-1], "w"))
else:
    for path in sys.argv[1:]:
        theirs, ours = (torch.tensor(values) for values in outputs(path))
        torch.testing.assert_close(theirs, ours, rtol=1e-5, atol=1e-5)
        print(f"{path}: {ours.numel()} outputs, largest difference {(theirs - ours).abs().max().item():.1e}")
