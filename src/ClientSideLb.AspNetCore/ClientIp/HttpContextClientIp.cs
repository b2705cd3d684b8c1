using System.Net;
using Microsoft.AspNetCore.Http;

namespace ClientSideLb;

/// <summary>The caller is who sent the request that is being served.</summary>
internal sealed class HttpContextClientIp(IHttpContextAccessor accessor) : IAmbientClientIp
{
    public IPAddress? ClientIp => accessor.HttpContext?.Connection.RemoteIpAddress is { } address
        ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address
        : null;
}
