bandit-sim --agent linear-thompson --preset mushroom --steps 50000 --seed 10 --seeds 40 --jobs -1 --out fresh/thompson
bandit-sim --agent linear-ucb --preset mushroom --steps 50000 --seed 10 --seeds 40 --jobs -1 --out fresh/ucb
bandit-sim compare fresh
