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
    "init": ("Keep", "setup.init:init"),
    "new": ("Keep", "records.edit:new"),
    "edit": ("Keep", "records.edit:edit"),
    "validate": ("Keep", "registry.validate:validate"),
    "explain": ("Keep", "registry.validate:explain"),
    "problem confirm": ("Keep", "records.problem:confirm"),
    "problem withdraw": ("Keep", "records.problem:withdraw"),
    "problem rename": ("Keep", "records.problem:rename"),
    "community history": ("Communities", "communities.community:history"),
    "community handover": ("Communities", "communities.community:handover"),
    "community step-down": ("Communities", "communities.community:step_down"),
    "community add-peer": ("Communities", "communities.community:add_peer"),
    "community confirm": ("Communities", "communities.community:confirm"),
    "community stale": ("Communities", "communities.community:stale"),
    "review": ("Communities", "review.review:review"),
    "export": ("Keep", "exchange.transfer:export_records"),
    "import": ("Keep", "exchange.transfer:import_records"),
    "key check": ("Gatekeep", "people.key:check"),
    "key import": ("Gatekeep", "people.key:import_certificate"),
    "key refresh": ("Gatekeep", "people.key:refresh"),
    "secret list": ("Gatekeep", "secrets.list:list_secrets"),
    "secret show": ("Gatekeep", "secrets.list:show_secret"),
    "secret exec": ("Gatekeep", "secrets.exec:exec_with"),
    "secret add": ("Gatekeep", "secrets.content:add"),
    "secret edit": ("Gatekeep", "secrets.content:edit"),
    "secret grant": ("Gatekeep", "secrets.readers:grant"),
    "secret revoke": ("Gatekeep", "secrets.readers:revoke"),
    "secret rotate": ("Gatekeep", "secrets.content:rotate"),
    "secret sync": ("Gatekeep", "secrets.readers:sync"),
    "secret audit": ("Gatekeep", "secrets.list:audit"),
    "secret textconv": ("Gatekeep", "secrets.textconv:textconv"),
    "vet": ("Gatekeep", "people.vet:vet"),
    "access show": ("Gatekeep", "secrets.access:show_access"),
    "access end": ("Gatekeep", "secrets.access:end"),
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
