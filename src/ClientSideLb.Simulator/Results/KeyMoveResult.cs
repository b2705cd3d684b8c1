namespace ClientSideLb.Simulator;

/// <summary>The keys that move when a backend leaves or joins.</summary>
/// <param name="Label">The mapping of keys to backends.</param>
/// <param name="From">The number of backends before the change.</param>
/// <param name="To">The number of backends after the change.</param>
/// <param name="Keys">The number of keys that were looked up.</param>
/// <param name="Moved">The fraction of the keys that have another owner than before, from 0 to 1.</param>
/// <param name="Necessary">The fraction that had to move: the keys of the backend that left, or of the one that joined.</param>
/// <param name="MovedBetweenOthers">The fraction that moved from one backend to another although both were there before and after the change.</param>
/// <param name="Imbalance">The most keys of any backend before the change, divided by the mean of all backends.</param>
/// <param name="Deviation">The standard deviation of the backends' shares before the change, divided by their mean.</param>
public sealed record KeyMoveResult(
    string Label, int From, int To, int Keys, double Moved, double Necessary, double MovedBetweenOthers, double Imbalance, double Deviation);
