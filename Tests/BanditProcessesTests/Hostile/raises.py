from child import *
greet()
question()
raise ValueError("my agent is broken")
