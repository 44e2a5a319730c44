from child import *
import time
greet()
question()
os.close(3)
act(1)
time.sleep(60)
