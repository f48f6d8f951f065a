case "${PROMPT_COMMAND[*]-}" in
    *_alcove_cd*) ;;
    *) PROMPT_COMMAND="_alcove_cd${PROMPT_COMMAND:+;$PROMPT_COMMAND}" ;;
esac
