from child import *
greet()
question()
act(1, 1.5)
question()
