from child import *
greet()
question()
grown = bytearray(4 << 30)
act(1)
question()
