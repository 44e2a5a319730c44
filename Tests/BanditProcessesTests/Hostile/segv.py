from child import *
greet()
question()
os.kill(os.getpid(), 11)
