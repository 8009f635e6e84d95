"""All settings, one small file per subject."""

from .apps import *
from .channels import *
from .database import *
from .environment import *
from .files import *
from .language import *
from .logging import *
from .security import *
