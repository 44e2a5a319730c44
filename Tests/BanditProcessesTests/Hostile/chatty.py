from child import *
greet()
while True:
    print("chatter " * 1000, flush=True)
    kind, payload = question()
    act(1) if kind == 1 else answer(kind)
    if kind == 7:
        break
