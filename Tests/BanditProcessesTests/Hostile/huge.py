from child import *
import time
greet()
question()
os.write(4, struct.pack("<II", 0xFFFFFFFF, 1))
time.sleep(60)
