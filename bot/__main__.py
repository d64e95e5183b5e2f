"""`python -m bot`."""

try:
    from bot.cli import main

    main()
except KeyboardInterrupt:  # Ctrl-C before it runs: there is nothing to end in good order yet
    raise SystemExit(130) from None
