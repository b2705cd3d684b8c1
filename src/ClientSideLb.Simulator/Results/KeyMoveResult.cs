namespace ClientSideLb.Simulator;

/// <summary>What a change of membership moved.</summary>
/// <param name="Label">How keys are mapped to backends.</param>
/// <param name="From">How many backends there were.</param>
/// <param name="To">How many there are.</param>
/// <param name="Keys">How many keys were looked at.</param>
/// <param name="Moved">The part of the keys that belongs to another backend than before, from 0 to 1.</param>
/// <param name="Necessary">The part that had to move: that of the backend which left, or of the one which joined.</param>
/// <param name="MovedBetweenOthers">The part of the keys that moved although the backend they had stayed, and not to one that joined.</param>
/// <param name="Imbalance">How many more keys the backend with the most had than all on average, before the change.</param>
/// <param name="Deviation">The standard deviation of the backends' shares as a part of their mean, before the change.</param>
public sealed record KeyMoveResult(
    string Label, int From, int To, int Keys, double Moved, double Necessary, double MovedBetweenOthers, double Imbalance, double Deviation);
