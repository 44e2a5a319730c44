from child import *
greet()
question()
act(5)
question()
