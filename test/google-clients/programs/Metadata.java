// Gets ID tokens of this machine, and calls a service with each: Metadata.java (OPTIONS AUDIENCE URL)...
//
// OPTIONS are those of IdTokenProvider.Option with commas between them, or "none". Prints an answer a line.
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdTokenCredentials;
import com.google.auth.oauth2.IdTokenProvider;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;

public class Metadata {
  public static void main(String[] arguments) throws Exception {
    GoogleCredentials credentials = GoogleCredentials.getApplicationDefault();
    for (int i = 0; i < arguments.length; i += 3) {
      IdTokenCredentials idTokenCredentials =
          IdTokenCredentials.newBuilder()
              .setIdTokenProvider((IdTokenProvider) credentials)
              .setTargetAudience(arguments[i + 1])
              .setOptions(optionsOf(arguments[i]))
              .build();
      idTokenCredentials.refresh();
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(arguments[i + 2]))
              .header("Authorization", "Bearer " + idTokenCredentials.getIdToken().getTokenValue())
              .build();
      System.out.println(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
    }
  }

  private static List<IdTokenProvider.Option> optionsOf(String names) {
    List<IdTokenProvider.Option> options = new ArrayList<>();
    if (!names.equals("none")) {
      for (String name : names.split(",")) {
        options.add(IdTokenProvider.Option.valueOf(name));
      }
    }
    return options;
  }
}
