#compdef ocs

_ocs_completion() {
  eval $(env _TYPER_COMPLETE_ARGS="${words[1,$CURRENT]}" _OCS_COMPLETE=complete_zsh ocs)
}

compdef _ocs_completion ocs
