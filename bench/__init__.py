"""What is measured, and the command that measures it: `make bench`. Imports no app: the product is met over HTTP."""
