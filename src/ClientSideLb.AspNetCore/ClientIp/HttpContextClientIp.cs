using System.Net;
using Microsoft.AspNetCore.Http;

namespace ClientSideLb.AspNetCore.ClientIp;

/// <summary>Gives the address of the caller whose HTTP request is being served.</summary>
internal sealed class HttpContextClientIp(IHttpContextAccessor accessor) : IAmbientClientIp
{
    public IPAddress? ClientIp => accessor.HttpContext?.Connection.RemoteIpAddress is { } address
        ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address
        : null;
}
