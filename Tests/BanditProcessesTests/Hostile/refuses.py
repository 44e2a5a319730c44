from child import *
greet(error="alpha is to be above 0")
