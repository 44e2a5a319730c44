from child import *
greet()
question()
answer(5, b"x" * 12)
question()
