using Microsoft.Coyote.Specifications;
using OriginGuard.Connections;

namespace OriginGuard.Coyote;

/// <summary>Connections that open and end while the ranges and the settings change.</summary>
internal static class ConnectionTests
{
    public static Func<Task>[] All =>
    [
        A_connection_that_opens_while_the_ranges_change_is_asked_to_end_once,
        A_connection_that_opens_while_the_settings_change_is_asked_to_end_once,
        Ranges_that_come_and_go_end_a_connection_once,
        A_connection_that_ends_itself_meanwhile_does_no_harm,
        Two_who_ask_a_connection_to_end_ask_once,
        Refused_connections_add_up,
    ];

    public static async Task A_connection_that_opens_while_the_ranges_change_is_asked_to_end_once()
    {
        var scene = new ConnectionScene();
        var opening = Task.Run(() => scene.Open(ConnectionScene.Peer));
        var changing = Task.Run(() => scene.Publish(ConnectionScene.Elsewhere));
        var reviewing = Task.Run(scene.Guard.Review);

        await Task.WhenAll(changing, reviewing);
        await (await opening).AskedOrRefused;
    }

    public static async Task A_connection_that_opens_while_the_settings_change_is_asked_to_end_once()
    {
        var scene = new ConnectionScene();
        var opening = Task.Run(() => scene.Open(ConnectionScene.Peer));
        var changing = Task.Run(() => scene.Configure(ConnectionScene.Elsewhere));

        await changing;
        await (await opening).AskedOrRefused;
    }

    public static async Task Ranges_that_come_and_go_end_a_connection_once()
    {
        var scene = new ConnectionScene();
        var opening = Task.Run(() => scene.Open(ConnectionScene.Peer));
        var changing = Task.Run(() =>
        {
            scene.Publish(ConnectionScene.Elsewhere);
            scene.Publish(ConnectionScene.Inside);
            scene.Publish(ConnectionScene.Elsewhere);
        });

        await changing;
        await (await opening).AskedOrRefused;
    }

    public static async Task A_connection_that_ends_itself_meanwhile_does_no_harm()
    {
        var scene = new ConnectionScene();
        var (leaving, staying) = (scene.Open(ConnectionScene.Peer), scene.Open(ConnectionScene.Peer));
        Specification.Assert(scene.Guard.OpenCount == 2, "Two connections are open.");
        var changing = Task.Run(() => scene.Publish(ConnectionScene.Elsewhere));
        var ending = Task.Run(leaving.End);

        await Task.WhenAll(changing, ending, leaving.Held, staying.AskedOrRefused);
        Specification.Assert(scene.Guard.OpenCount == 1, "One connection is open, not {0}.", scene.Guard.OpenCount);
        staying.End();
        await staying.Held;
        Specification.Assert(scene.Guard.OpenCount == 0, "No connection is open.");
    }

    public static async Task Two_who_ask_a_connection_to_end_ask_once()
    {
        var connection = new OpenConnection(new OpenedConnection(ConnectionScene.Peer), ConnectionScene.Peer);
        var (one, other) = (Task.Run(connection.Close), Task.Run(connection.Close));

        var (first, second) = (await one, await other);
        Specification.Assert(first != second, "One of two has asked, and the other has not.");
    }

    public static async Task Refused_connections_add_up()
    {
        var scene = new ConnectionScene();
        await Task.WhenAll(
            Task.Run(() => scene.Open(ConnectionScene.Stranger)),
            Task.Run(() => scene.Open(ConnectionScene.Stranger)),
            Task.Run(() =>
            {
                scene.Open(ConnectionScene.Stranger);
                scene.Time.Advance(TimeSpan.FromMinutes(1));
            }));
        scene.Time.Advance(TimeSpan.FromMinutes(1));
        scene.Time.Advance(TimeSpan.FromMinutes(1));
        Specification.Assert(scene.Lines.Told == 3, "Three connections were refused, and the log tells of {0}.", scene.Lines.Told);
        Specification.Assert(scene.Guard.OpenCount == 0, "No connection is open.");
    }
}
