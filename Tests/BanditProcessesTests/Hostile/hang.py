from child import *
import time
greet()
question()
time.sleep(60)
