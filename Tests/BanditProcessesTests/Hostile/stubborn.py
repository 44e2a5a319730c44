from child import *
import signal, time
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
greet()
while True:
    kind, payload = question()
    act(1) if kind == 1 else answer(kind)
    if kind == 7:
        time.sleep(60)
