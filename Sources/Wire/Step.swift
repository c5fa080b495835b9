/// Replaces `state` by its successor and returns what the transition asks for.
///
/// A transition is a function from one state to exactly one next state and one action. Release
/// builds move the payload of the state instead of copying it, as long as the transition lists all
/// cases (a catch-all copies).
@inlinable
public func step<State, Action>(
    _ state: inout State,
    _ transition: (consuming State) -> (State, Action)
) -> Action {
    let (next, action) = transition(consume state)
    state = next
    return action
}
