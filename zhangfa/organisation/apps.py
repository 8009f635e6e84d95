from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "zhangfa.organisation"
    label = "organisation"
