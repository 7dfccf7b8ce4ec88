"""The page for planners: HTML made here, readable without a program; map and charts come with one."""
