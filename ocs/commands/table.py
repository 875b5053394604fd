"""The table of all commands and groups."""

from __future__ import annotations

from importlib import import_module

from ocs.commands.declared import Command

# Every command: its panel in the help, and its function. The first of two words is a group.
COMMANDS = {
    "search": ("Find", "search.search:search"),
    "show": ("Find", "records.show:show"),
    "list": ("Find", "records.show:list_records"),
    "may": ("Find", "communities.may:may"),
    "due": ("Find", "due:due"),
    "init": ("Records", "setup.init:init"),
    "new": ("Records", "records.edit:new"),
    "edit": ("Records", "records.edit:edit"),
    "validate": ("Records", "registry.validate:validate"),
    "explain": ("Records", "registry.validate:explain"),
    "problem confirm": ("Records", "records.problem:confirm"),
    "problem withdraw": ("Records", "records.problem:withdraw"),
    "problem rename": ("Records", "records.problem:rename"),
    "community history": ("Communities", "communities.community:history"),
    "community handover": ("Communities", "communities.community:handover"),
    "community step-down": ("Communities", "communities.community:step_down"),
    "community add-peer": ("Communities", "communities.community:add_peer"),
    "community confirm": ("Communities", "communities.community:confirm"),
    "community stale": ("Communities", "communities.community:stale"),
    "review": ("Communities", "review.review:review"),
    "export": ("Records", "exchange.transfer:export_records"),
    "import": ("Records", "exchange.transfer:import_records"),
    "key check": ("Keys, secrets and vetting", "people.key:check"),
    "key import": ("Keys, secrets and vetting", "people.key:import_certificate"),
    "key refresh": ("Keys, secrets and vetting", "people.key:refresh"),
    "secret list": ("Keys, secrets and vetting", "secrets.list:list_secrets"),
    "secret show": ("Keys, secrets and vetting", "secrets.list:show_secret"),
    "secret exec": ("Keys, secrets and vetting", "secrets.exec:exec_with"),
    "secret add": ("Keys, secrets and vetting", "secrets.content:add"),
    "secret edit": ("Keys, secrets and vetting", "secrets.content:edit"),
    "secret grant": ("Keys, secrets and vetting", "secrets.readers:grant"),
    "secret revoke": ("Keys, secrets and vetting", "secrets.readers:revoke"),
    "secret rotate": ("Keys, secrets and vetting", "secrets.content:rotate"),
    "secret sync": ("Keys, secrets and vetting", "secrets.readers:sync"),
    "secret audit": ("Keys, secrets and vetting", "secrets.list:audit"),
    "secret textconv": ("Keys, secrets and vetting", "secrets.textconv:textconv"),
    "vet": ("Keys, secrets and vetting", "people.vet:vet"),
    "changes": ("Keys, secrets and vetting", "trust.changes:changes"),
    "access show": ("Keys, secrets and vetting", "secrets.access:show_access"),
    "access end": ("Keys, secrets and vetting", "secrets.access:end"),
    "doctor": ("Machine", "setup.doctor:doctor"),
}
# Every group of commands, and its help.
GROUPS = {
    "problem": "Confirm, withdraw or rename solved problems.",
    "community": "Show who leads a community, and change it without editing YAML.",
    "secret": "Read and change secrets, and who can read them.",
    "access": "Show who can read what, and end a person's access.",
    "key": "Check, import and refresh people's OpenPGP certificates.",
}


def command_named(name: str) -> Command:
    """The function of a command."""
    module, _, function = COMMANDS[name][1].partition(":")
    command: Command = getattr(import_module(f"ocs.commands.{module}"), function)
    return command
