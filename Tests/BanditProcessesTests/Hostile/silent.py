from child import *
import time
time.sleep(60)
