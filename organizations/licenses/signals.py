"""What subjects above the registers know of a licence.

`suspension_asked(license_id, session, day)`: the receiver answers whether an order that the ministers have decided, in
effect already or from a later day on, suspends the business on that day (Art. 37(3)). Reads only.
"""

from blinker import Signal

suspension_asked = Signal()
