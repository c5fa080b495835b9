import TURN
