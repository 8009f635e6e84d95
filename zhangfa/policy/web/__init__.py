"""Pages of the house rules 章程, the handbook 岗位手册 and “who decides”."""
