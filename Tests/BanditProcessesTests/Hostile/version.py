from child import *
greet(version=2)
question()
