"""The mock engine: a real child process that speaks the engines' protocol from a script."""
