using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClientSideLb.Kubernetes.Tests.Server;

/// <summary>A certificate authority, such as each cluster has one of its own.</summary>
internal sealed class Authority : IDisposable
{
    private readonly X509Certificate2 _root;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    internal Authority()
    {
        var request = new CertificateRequest("CN=kubernetes", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = request.CreateSelfSigned(Start, Start.AddYears(10));
    }

    /// <summary>Gets the certificate of the authority, as it stands in <c>ca.crt</c>.</summary>
    internal string Pem => _root.ExportCertificatePem();

    private static DateTimeOffset Start => TimeProvider.System.GetUtcNow().AddDays(-1);

    /// <summary>Makes the certificate of a server at 127.0.0.1.</summary>
    internal X509Certificate2 CreateServer()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kube-apiserver", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_root, Start.AddHours(1), Start.AddYears(1), [1, 2, 3, 4]);
        using var withKey = certificate.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
    }

    public void Dispose()
    {
        _root.Dispose();
        _key.Dispose();
    }
}
