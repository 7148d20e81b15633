package interop;

import static interop.Harness.equal;
import static interop.Harness.raises;
import static interop.Hub.DEVICE_HOST;
import static interop.Hub.answer;
import static interop.Hub.expectRefusal;
import static interop.Hub.invoke;
import static interop.Hub.newDevice;
import static interop.Hub.newId;
import static interop.Hub.registry;
import static interop.Hub.report;
import static interop.Hub.twins;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.azure.sdk.iot.device.ClientOptions;
import com.microsoft.azure.sdk.iot.device.DeviceClient;
import com.microsoft.azure.sdk.iot.device.IotHubClientProtocol;
import com.microsoft.azure.sdk.iot.device.exceptions.IotHubClientException;
import com.microsoft.azure.sdk.iot.service.auth.AuthenticationType;
import com.microsoft.azure.sdk.iot.service.registry.Device;
import interop.Hub.ConnectedDevice;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Devices that show a self-signed certificate whose thumbprint the registry knows. */
final class CertificateChecks {
  private static final Path FOLDER = Path.of(System.getenv("HUB_DEVICE_CERTIFICATES"));

  private CertificateChecks() {}

  static void add(Harness harness) {
    harness.check("x509.connect", "a device is let in by the SHA-1 or SHA-256 thumbprint of its certificate", () -> {
      for (String digest : new String[] {"sha1", "sha256"}) {
        Device device = newX509Device(thumbprint("mine", digest), null);
        equal(AuthenticationType.SELF_SIGNED, device.getAuthenticationType());
        try (ConnectedDevice connected = connect(device, "mine")) {
          connected.serve((name, payload, context) -> answer(200, name));
          equal("reboot", invoke(device, "reboot", null, 10).getPayload(String.class));
          connected.client.subscribeToDesiredProperties((twin, context) -> {}, null);
          report(connected.client, Map.of("by", digest));
        }
        equal(digest, twins.get(device.getDeviceId()).getReportedProperties().get("by"));
      }
    });

    harness.check("x509.secondary", "its second certificate lets it in as well", () -> {
      Device device = newX509Device(thumbprint("other", "sha1"), thumbprint("mine", "sha1"));
      connect(device, "mine").close();
    });

    harness.check("x509.refused", "another's certificate does not, nor one where the registry expects a key", () -> {
      Device guarded = newX509Device(thumbprint("mine", "sha256"), null);
      raises(IotHubClientException.class, () -> connect(guarded, "other"));
      Device keyed = newDevice();
      raises(IotHubClientException.class, () -> connect(keyed, "other"));
    });

    harness.check("x509.bad-thumbprint", "a thumbprint that is none is refused", () ->
        expectRefusal(400, "", () -> newX509Device("0123", null)));
  }

  private static Device newX509Device(String primary, String secondary) throws Exception {
    Device device = new Device(newId(), AuthenticationType.SELF_SIGNED);
    device.setThumbprint(primary, secondary == null ? primary : secondary);
    return registry.addDevice(device);
  }

  private static ConnectedDevice connect(Device device, String name) throws Exception {
    String text = "HostName=" + DEVICE_HOST + ";DeviceId=" + device.getDeviceId() + ";x509=true";
    ClientOptions options = ClientOptions.builder().sslContext(sslContext(name)).build();
    return new ConnectedDevice(new DeviceClient(text, IotHubClientProtocol.MQTT, options));
  }

  /** Shows the certificate, and trusts what the JVM trusts. */
  private static SSLContext sslContext(String name) throws Exception {
    char[] password = "changeit".toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("device", privateKey(name), password, new Certificate[] {certificate(name)});
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    SSLContext context = SSLContext.getInstance("TLSv1.2");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static Certificate certificate(String name) throws Exception {
    try (InputStream stream = Files.newInputStream(FOLDER.resolve(name + ".pem"))) {
      return CertificateFactory.getInstance("X.509").generateCertificate(stream);
    }
  }

  private static PrivateKey privateKey(String name) throws Exception {
    String body = Files.readString(FOLDER.resolve(name + "-key.pem")).replaceAll("-----[^-]+-----|\\s", "");
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
  }

  private static String thumbprint(String name, String digest) throws Exception {
    JsonObject thumbprints =
        JsonParser.parseString(Files.readString(FOLDER.resolve("thumbprints.json"))).getAsJsonObject();
    return thumbprints.getAsJsonObject(name).get(digest).getAsString();
  }
}
