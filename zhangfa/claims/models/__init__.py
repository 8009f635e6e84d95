from zhangfa.claims.models.case import Case
from zhangfa.claims.models.complaint import ComplaintForm, Improvement
from zhangfa.claims.models.pressure import Pressure
from zhangfa.claims.models.settlement import LIVE, OWING, LearningTask, Settlement, Talk
from zhangfa.claims.models.study import Reading, Study, StudyPicture, StudySession
from zhangfa.claims.models.survey import DamagedItem, PriceCheck, Survey, photo_counts

__all__ = [
    "LIVE", "OWING", "Case", "ComplaintForm", "DamagedItem", "Improvement", "LearningTask", "Pressure", "PriceCheck", "Reading", "Settlement", "Study",
    "StudyPicture", "StudySession", "Survey", "Talk",
    "photo_counts",
]  # fmt: skip
