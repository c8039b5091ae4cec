"""Hours that people give to one another: covers, trades, taking over. The rota changes only by a named yes."""
