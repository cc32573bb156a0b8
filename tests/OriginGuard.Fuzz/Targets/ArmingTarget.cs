using System.Text;
using OriginGuard.Arming;
using OriginGuard.Telemetry;
using OriginGuard.TestKit;
using static OriginGuard.Fuzz.Targets.BrokenPropertyException;

namespace OriginGuard.Fuzz.Targets;

/// <summary>
/// A kept arming report: read whole or refused with a <see cref="FormatException"/>. What is read writes back to the same, can be reported, and is an account that
/// can be kept and read again, also after somebody else has come.
/// </summary>
internal static class ArmingTarget
{
    public static bool Play(byte[] input)
    {
        ArmingState state;
        try
        {
            state = ArmingText.Parse(Encoding.UTF8.GetString(input));
        }
        catch (FormatException)
        {
            return false;
        }

        var written = ArmingText.Write(state);
        ThrowUnless(ArmingText.Write(ArmingText.Parse(written)) == written, "What was read does not write back to the same.");
        _ = ArmingText.Write(ArmingReport.Of(state));
        GoOn(state);
        return true;
    }

    private static void GoOn(ArmingState state)
    {
        var clock = new ManualTimeProvider();
        var account = new ArmingAccount(clock, new DecisionCounts(clock));
        account.Restore(state);
        _ = ArmingText.Parse(ArmingText.Write(account.Read()));

        clock.Advance(TimeSpan.FromDays(1));
        foreach (var caller in state.Callers)
        {
            var key = ArmingText.KeyOf(caller) ?? throw new BrokenPropertyException("A caller was taken that has no key.");
            account.Add(new Encounter(key.Kind, key.Agent, key.Reasons, key.Network?.BaseAddress, key.Network, IsEnforced: true), key.Route);
        }

        _ = ArmingText.Write(ArmingReport.Of(ArmingText.Parse(ArmingText.Write(account.Read()))));
    }
}
