bandit-sim --agent linear-thompson --preset mushroom --steps 50000 --seeds 10 --jobs -1 --out runs/thompson
bandit-sim --agent linear-ucb --preset mushroom --steps 50000 --seeds 10 --jobs -1 --out runs/ucb
bandit-sim compare runs --at 5000 --at 50000
bandit-sim figure runs --quantity expected-regret -o decision.svg
