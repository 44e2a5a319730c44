swift run -c release my-lab --agent round-robin --steps 2000
swift run -c release my-lab list
