"""Where notices go besides the program: nowhere, unless the company names its gateways."""

from .environment import words

# ZHANGFA_NOTICE_CHANNELS="mail=mailtos://user:pass@host?to={username}@example.com,wecom=wecombot://key"
# {username} and {no} stand for the reader's login and staff number.
NOTICE_CHANNELS = dict(entry.split("=", 1) for entry in words("ZHANGFA_NOTICE_CHANNELS") if "=" in entry)
