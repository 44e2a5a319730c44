from child import *
import time
greet()
question()
os.close(4)
time.sleep(60)
