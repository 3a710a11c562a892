"""How subjects above the registers take part in a merge. All are sent within its transaction, with plain arguments.

`foreseen(session, kept, duplicate, facts, today)`: the receiver returns remarks on what the merge would mean for its
records; `facts` are those that the kept body would take over. Nothing may be changed.
`before_move(session, kept, duplicate, today, effects)`: the receiver settles what could not stand beside each other.
`after_move(session, kept, today, effects)`: the rows belong to the kept body now.
`after_undo(session, kept, duplicate, merged_on, today, effects)`: they belong to the duplicate again.
What a receiver has changed it notes in `effects` under a name of its own; the merge keeps it, for the undo.
"""

from blinker import Signal

foreseen = Signal()
before_move = Signal()
after_move = Signal()
after_undo = Signal()
