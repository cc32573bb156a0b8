using System.Reflection;
using System.Text;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.House;

/// <summary>
/// The public surface as a text beside this file. A change of it is meant to be seen: when this test fails, read what it wrote beside the
/// test assembly, and if the change is wanted copy it over the approved text and say so in CHANGELOG.md.
/// </summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData("OriginGuard")]
    [InlineData("OriginGuard.Testing")]
    public void The_public_surface_is_the_approved_one(string package)
    {
        var assembly = package == "OriginGuard" ? typeof(OriginGuardOptions).Assembly : typeof(SimulatedLoadBalancer).Assembly;
        var approved = Repository.Read($"tests/OriginGuard.Tests/House/PublicApi.{package}.txt").ReplaceLineEndings("\n");

        var actual = Describe(assembly);

        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, $"PublicApi.{package}.txt"), actual);
        Assert.Equal(approved, actual);
    }

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Kind(type)).Append(' ').Append(Name(type)).Append('\n');
            foreach (var line in type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Select(Line).OfType<string>().Order(StringComparer.Ordinal))
            {
                text.Append("    ").Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string? Line(MemberInfo member) => member switch
    {
        MethodInfo { IsSpecialName: true } => null,
        MethodInfo method => $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {method.Name}({Parameters(method)})",
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        PropertyInfo property => $"{Name(property.PropertyType)} {property.Name} {{ {(property.GetMethod?.IsPublic is true ? "get; " : "")}{(property.SetMethod?.IsPublic is true ? "set; " : "")}}}",
        FieldInfo { IsLiteral: true } field => $"{field.Name} = {field.GetRawConstantValue()}",
        FieldInfo { IsSpecialName: true } => null,
        FieldInfo field => $"{Name(field.FieldType)} {field.Name}",
        _ => $"{member.MemberType} {member.Name}",
    };

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{(parameter.IsOut ? "out " : "")}{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? " = default" : "")}"));

    private static string Name(Type type) => type switch
    {
        { IsByRef: true } => Name(type.GetElementType()!),
        { IsArray: true } => $"{Name(type.GetElementType()!)}[]",
        { IsGenericType: true } => $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>",
        { Namespace: "System" } or { IsGenericParameter: true } => type.Name,
        _ => type.FullName ?? type.Name,
    };
}
