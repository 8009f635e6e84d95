"""Every write to the chart: a module per noun, a function per verb."""
