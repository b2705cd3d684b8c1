using System.Buffers.Binary;
using System.Text;

namespace ClientSideLb.Health;

/// <summary>
/// The two messages of the gRPC health checking protocol (<c>grpc.health.v1</c>) with the five bytes that gRPC puts before each: whether it is
/// compressed, and its length.
/// </summary>
internal static class GrpcHealthMessage
{
    /// <summary>The status of a service that takes requests.</summary>
    internal const int Serving = 1;

    private const int PrefixLength = 5;
    private const int VarintType = 0;
    private const int FixedEightType = 1;
    private const int LengthType = 2;
    private const int FixedFourType = 5;

    /// <summary>Creates the question for the health of a service, or of the whole server if the name is empty.</summary>
    internal static byte[] CreateRequest(string service)
    {
        const byte ServiceField = (1 << 3) | LengthType;

        using var message = new MemoryStream();
        message.Write(new byte[PrefixLength]);
        if (service.Length > 0)
        {
            var name = Encoding.UTF8.GetBytes(service);
            message.WriteByte(ServiceField);
            WriteVarint(message, (uint)name.Length);
            message.Write(name);
        }

        var bytes = message.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), (uint)(bytes.Length - PrefixLength));
        return bytes;
    }

    /// <summary>Reads the status out of an answer.</summary>
    /// <returns>The status, or <see langword="null"/> if the bytes are not one whole answer.</returns>
    internal static int? ReadStatus(ReadOnlySpan<byte> body)
    {
        if (body.Length < PrefixLength || body[0] != 0 || BinaryPrimitives.ReadUInt32BigEndian(body[1..]) != body.Length - PrefixLength)
        {
            return null;
        }

        // An absent field has the value 0. A field that a later version of the protocol has is passed over.
        ulong status = 0;
        var message = body[PrefixLength..];
        while (message.Length > 0)
        {
            if (!TryReadVarint(ref message, out var tag))
            {
                return null;
            }

            if (tag == (1 << 3 | VarintType))
            {
                if (!TryReadVarint(ref message, out status))
                {
                    return null;
                }
            }
            else if (!TrySkip(ref message, (int)(tag & 7)))
            {
                return null;
            }
        }

        return status <= int.MaxValue ? (int)status : null;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> message, int type)
    {
        ulong length = type switch
        {
            FixedEightType => sizeof(ulong),
            FixedFourType => sizeof(uint),
            _ => 0,
        };
        if (type is VarintType or LengthType)
        {
            if (!TryReadVarint(ref message, out var value))
            {
                return false;
            }

            length = type == LengthType ? value : 0;
        }
        else if (length == 0)
        {
            return false;
        }

        if (length > (ulong)message.Length)
        {
            return false;
        }

        message = message[(int)length..];
        return true;
    }

    private static bool TryReadVarint(ref ReadOnlySpan<byte> message, out ulong value)
    {
        const int BitsOfByte = 7;
        const int LongestVarint = 10;

        value = 0;
        for (var i = 0; i < message.Length && i < LongestVarint; i++)
        {
            value |= (ulong)(message[i] & 0x7F) << (i * BitsOfByte);
            if (message[i] < 0x80)
            {
                message = message[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    private static void WriteVarint(MemoryStream message, uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            message.WriteByte((byte)(value | 0x80));
        }

        message.WriteByte((byte)value);
    }
}
