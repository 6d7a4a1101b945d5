"""The two doors (write, read) and what runs behind them: flow, rules, routing, pulls, publishing."""
