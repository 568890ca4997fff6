"""Seats of a building, as Hartford's study of its facilities counted them."""


def study_capacity(
    contract: float, space: float, *, efficiency: float = 0.85, weight: float = 0.35
) -> float:
    """Return a building's study capacity: S + weight * (C - S), each with its efficiency.

    C is what the largest classes of the teachers' contract allow, S what the floor space
    allows; both are multiplied by the efficiency, since no timetable fills every room.
    Hartford's facilities study (2016) counted Burns School so: 749 by contract, 634 by space,
    a factor of 0.85, hence 573 seats. Other schools' two figures are not public.

    Parameters
    ----------
    contract, space : float
        Seats by the contract's class sizes, and by floor space.
    efficiency : float
        Share of the seats that a timetable can fill.
    weight : float
        How far from the space's seats to the contract's.
    """
    by_contract, by_space = contract * efficiency, space * efficiency
    return by_space + weight * (by_contract - by_space)
