swift run -c release my-lab experiment run turns --seeds 5
swift run -c release my-lab experiment run turns --seeds 5 --resume
cat experiments/turns/results.md
