from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "mainstay.records.audit"
    label = "audit"
