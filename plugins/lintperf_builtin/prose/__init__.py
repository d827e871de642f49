"""Chinese prose of reports and goal texts: the numbers it states, and the rules for points that it prints."""
